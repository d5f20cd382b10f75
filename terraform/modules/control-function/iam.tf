locals {
  # A schedule calls as the function's own identity: no identity exists that could call every function, and who
  # holds a function's token can call what he already is.
  callers = merge(var.callers, var.schedule == null ? {} : { schedule = "serviceAccount:${var.identity}" })
}

resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = local.callers

  location = google_cloudfunctions2_function.control.location
  member   = each.value
  name     = google_cloudfunctions2_function.control.name # the service behind a function has the function's name
  project  = var.project
  role     = "roles/run.invoker"
}
