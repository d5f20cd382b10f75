output "email" {
  description = "E-mail address of the identity, once its grants stand."
  value       = google_service_account.identity.email
  depends_on  = [google_project_iam_member.role, google_service_account_iam_member.grant]
}

output "member" {
  description = "The identity as IAM policies name it, once its grants stand."
  value       = google_service_account.identity.member
  depends_on  = [google_project_iam_member.role, google_service_account_iam_member.grant]
}
