"""Where the course is run: build, check, grade, feedback, export."""
