"""Sites: the neighbourhood, its blocks, and what people can share."""
