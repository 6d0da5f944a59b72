terraform {
  backend "s3" {
    bucket = "b"
  }
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}

/* a comment { */
provider "aws" {
  region = var.region # "
}

locals {
  env   = terraform.workspace
  sizes = { test = 1, "prod" : 2 }
  size  = local.sizes[local.env]
  text  = "a ${join(",", [for k, v in { x = "}" } : "${k}=${v}"])} $${b} %{if true}c%{endif}"
  is    = terraform.workspace == "prod" ? 1 : 0
}
