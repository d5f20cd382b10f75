output "name" {
  description = "Name of the bucket, once its grants stand."
  value       = google_storage_bucket.artifacts.name
  depends_on  = [google_storage_bucket_iam_member.grant]
}

output "project_number" {
  description = "Number of the project that owns the bucket, which Google's own names carry."
  value       = google_storage_bucket.artifacts.project_number
}
