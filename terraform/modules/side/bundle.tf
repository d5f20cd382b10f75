# Named by its content: a new bundle is a new source, so every function is built again; an old one stays among
# the bucket's noncurrent objects.
resource "google_storage_bucket_object" "bundle" {
  bucket = module.staging.name
  name   = "bundle/${filemd5(var.bundle)}.zip"
  source = var.bundle

  lifecycle {
    create_before_destroy = true # a function never names a source that is gone
  }
}

locals {
  bundle = {
    bucket = google_storage_bucket_object.bundle.bucket
    object = google_storage_bucket_object.bundle.name
  }
}
