terraform {
  backend "gcs" {
    bucket = "demo-vdr-tfstate-europe-west4"
    prefix = "primary"
  }
}
