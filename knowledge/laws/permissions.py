"""Who may do what with laws in the back office."""

from wagtail.permission_policies import ModelPermissionPolicy


class ReadOnlyPermissionPolicy(ModelPermissionPolicy):
    """For what only an import may change: who has any permission may look, nobody may touch, superusers included."""

    def user_has_permission(self, user: object, action: str) -> bool:
        if action != "view":
            return False
        return any(super(ReadOnlyPermissionPolicy, self).user_has_permission(user, any_) for any_ in ("view", "change"))
