output "name" {
  description = "Name of the bucket, once its grants stand."
  value       = google_storage_bucket.artifacts.name
  depends_on  = [google_storage_bucket_iam_member.grant]
}
