"""People: who is here, how they sign in, when they rest, who may organize."""
