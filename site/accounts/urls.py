"""Public accounts, below `/account/`."""

from django.urls import path

from accounts import views

app_name = "account"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("register/", views.RegisterView.as_view(), name="register"),
    path("register/<str:token>/", views.RegisterConfirmView.as_view(), name="register_confirm"),
    path("login/", views.SignInView.as_view(), name="login"),
    path("logout/", views.SignOutView.as_view(), name="logout"),
    path("name/", views.ProfileView.as_view(), name="name"),
    path("password/", views.PasswordChangeView.as_view(), name="password_change"),
    path("password/reset/", views.PasswordResetView.as_view(), name="password_reset"),
    path("password/reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("email/", views.EmailChangeView.as_view(), name="email_change"),
    path("email/<str:token>/", views.EmailConfirmView.as_view(), name="email_confirm"),
    path("deletion/", views.DeletionView.as_view(), name="deletion"),
    path("deletion/withdraw/", views.DeletionWithdrawView.as_view(), name="deletion_withdraw"),
]
