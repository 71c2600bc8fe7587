# What a program with fast-bitrix24 does. It is handed its task as JSON and prints what came of it as JSON.

import json
import sys

from fast_bitrix24 import Bitrix

task = json.load(sys.stdin)
bitrix = Bitrix(task["url"], verbose=False)


def result(method, params):
    return bitrix.call(method, params, raw=True)["result"]


def error(method, params):
    try:
        return {"result": result(method, params)}
    except Exception as thrown:
        return {"thrown": type(thrown).__name__, "text": str(thrown)}


batch = bitrix.call_batch({"halt": 0, "cmd": {key: f"{method}?id={params['id']}" for key, (method, params) in task["batch"].items()}})
print(json.dumps({
    "paid": result(*task["pay"]),
    "read": result(*task["read"]),
    "listed": [row["id"] for row in result(*task["list"])],
    "batched": {key: row["id"] for key, row in batch.items()},
    "errors": [error(row["method"], row["params"]) for row in task["errors"]],
}))
