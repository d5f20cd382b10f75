output "database" {
  description = "Name of the database, once its grants stand."
  value       = google_firestore_database.selector.name
  depends_on  = [google_project_iam_member.documents]
}

output "secret" {
  description = "Id of the secret that holds copies of the selector, once its grants stand."
  value       = google_secret_manager_secret.copies.secret_id
  depends_on  = [google_secret_manager_secret_iam_member.copies]
}
