locals {
  # A schedule calls as the function's own identity: no identity exists that could call every function, and who
  # holds a function's token can call what he already is.
  iam = merge(var.iam, var.schedule == null ? {} : {
    schedule = { member = "serviceAccount:${var.identity}", role = "roles/run.invoker" }
  })
}

resource "google_cloud_run_v2_service_iam_member" "grant" {
  for_each = local.iam

  location = google_cloudfunctions2_function.control.location
  member   = each.value.member
  name     = google_cloudfunctions2_function.control.name # the service behind a function has the function's name
  project  = var.project
  role     = each.value.role
}
