terraform {
  backend "gcs" {
    bucket = "demo-vdr-tfstate-europe-west1"
    prefix = "dr"
  }
}
