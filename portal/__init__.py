"""The efficiency portal: nine efficiency systems of a public office in one intranet house."""
