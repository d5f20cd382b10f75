# The identity that a pipeline run acts as: it may use Vertex AI, and one function may start runs as it.
module "runs" {
  source = "../.."

  account_id  = "vdr-dr-pipeline-runs"
  description = "Runs the pipelines of dr."
  iam = {
    run_pipelines = { member = "serviceAccount:vdr-dr-run-pipelines@demo.iam.gserviceaccount.com", role = "roles/iam.serviceAccountUser" }
  }
  iam_project_roles = { vertex = "roles/aiplatform.user" }
  project           = "demo"
}
