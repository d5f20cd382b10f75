"""What a drill verifies: each check tells what was expected beside what was found."""
