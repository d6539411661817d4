"""What managers do for their organization's volunteers: activities, shifts, attendance, hours, objections."""
