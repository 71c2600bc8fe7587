# What a program with the official Python SDK does. It is handed its task as JSON and prints what came of it as JSON.

import json
import sys

from b24pysdk import BitrixApp, BitrixToken, BitrixWebhook

task = json.load(sys.stdin)
if "webhook" in task:
    token = BitrixWebhook(domain=task["host"], webhook_token=task["webhook"])
else:
    app = BitrixApp(client_id="app", client_secret="secret")
    token = BitrixToken(domain=task["host"], auth_token=task["token"], bitrix_app=app)


def result(method, params):
    return token.call_method(method, params)["result"]


def error(method, params):
    try:
        return {"result": result(method, params)}
    except Exception as thrown:
        return {"code": thrown.error, "text": thrown.error_description}


batch = token.call_batch({key: tuple(command) for key, command in task["batch"].items()})
print(json.dumps({
    "paid": result(*task["pay"]),
    "read": result(*task["read"]),
    "listed": [row["id"] for row in result(*task["list"])],
    "batched": {key: row["id"] for key, row in batch["result"]["result"].items()},
    "errors": [error(row["method"], row["params"]) for row in task["errors"]],
}))
