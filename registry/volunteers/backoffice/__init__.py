"""The back office: the register, teams, activities with their shifts, hours and objections, certificates."""
