"""What stands between the views and the browser: middlewares, headers, refusals, and a few registries."""
