output "manifest" {
  description = "Name of the manifest object in the bucket."
  value       = google_storage_bucket_object.manifest.name
}
