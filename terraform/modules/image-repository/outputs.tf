output "name" {
  description = "Id of the repository, once its grants stand."
  value       = google_artifact_registry_repository.images.repository_id
  depends_on  = [google_artifact_registry_repository_iam_member.grant]
}
