"""Stores and lists notes: the function behind the quickstart's API."""
import datetime
import os

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["NOTES_TABLE"])
settings = boto3.client("ssm")


def size_limit():
    answer = settings.get_parameter(Name=os.environ["SIZE_PARAMETER"])
    return int(answer["Parameter"]["Value"])


def store(author, text):
    if len(text.encode()) > size_limit():
        return {"status": 413, "error": "the note is too long"}
    created_at = datetime.datetime.now(datetime.timezone.utc).isoformat()
    table.put_item(Item={"author": author, "created_at": created_at, "text": text})
    return {"status": 201, "created_at": created_at}


def notes_of(author):
    found = table.query(KeyConditionExpression=Key("author").eq(author))
    return {"status": 200, "notes": found["Items"]}


def handler(event, context):
    if "text" in event:
        return store(event["author"], event["text"])
    return notes_of(event["author"])
