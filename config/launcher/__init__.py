"""`make run`: the whole house on one machine, with the demo neighbourhood in it, stopped as one."""
