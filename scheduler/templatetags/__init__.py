"""Tags and filters that the templates of all faces share."""
