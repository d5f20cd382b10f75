output "job" {
  description = "Name of the scheduler job, once it exists."
  value       = google_cloud_scheduler_job.pipelines.name
}
