"""Cloud Scheduler: jobs that call HTTP targets when their schedule, or somebody, says so."""
