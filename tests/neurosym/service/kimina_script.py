"""What a user of the published kimina-client writes; run by an interpreter that has it."""

import asyncio
import json
import sys

from kimina_client import AsyncKiminaClient, KiminaClient, Snippet
from kimina_client.models import VerifyRequestBody, VerifyResponse

url, key = sys.argv[1:]
client = KiminaClient(api_url=url, api_key=key)
client.test()  # its own: `#check Nat`, compared with what it must answer, places included

snippets = [
    Snippet(id="valid", code="theorem a : 1 + 1 = 2 := rfl"),
    Snippet(id="sorry", code="theorem b : 1 + 1 = 2 := by sorry"),
    Snippet(id="error", code="theorem c : 1 + 1 = 3 := rfl"),
    Snippet(id="import", code="import No.Such.Module\n#check Nat"),
    Snippet(
        id="slow",
        code="set_option maxHeartbeats 0\nset_option maxRecDepth 1000000000\n"
        "theorem t : ∀ n : Nat, n < 4000 → n * n = n ^ 2 := by decide",
    ),
    Snippet(id="crash", code="#eval (IO.Process.exit 0 : IO Unit)"),
    Snippet(id="after", code="theorem a : 2 + 2 = 4 := rfl"),
]


def statuses(response):
    return {result.id: result.analyze().status.value for result in response.results}


async def asynchronously():
    with_async = AsyncKiminaClient(api_url=url, api_key=key)
    found = await with_async.check(
        [s.code for s in snippets[:3]] * 4, batch_size=3, show_progress=False
    )
    await with_async.session.aclose()
    return [result.analyze().status.value for result in found.results]


checked = client.check(snippets, timeout=3, batch_size=7, debug=True, show_progress=False)
checked.analyze(1.0)
stranger = KiminaClient(api_url=url, api_key="neurosym_wrong", n_retries=1)
refused = stranger.check("#check Nat", show_progress=False)
body = VerifyRequestBody(
    codes=[{"custom_id": 7, "proof": snippets[0].code}, {"custom_id": "x", "code": "oops"}]
)
older = VerifyResponse.model_validate(
    client._query(client.build_url("/verify"), body.model_dump(mode="json"))
)
print(
    json.dumps(
        {
            "health": client.health(),
            "statuses": statuses(checked),
            "order": [result.id for result in checked.results],
            "diagnostics": sorted({key for r in checked.results for key in r.diagnostics}),
            "one at a time": statuses(
                client.check(snippets[:3], batch_size=1, max_workers=3, show_progress=False)
            ),
            "async": asyncio.run(asynchronously()),
            "refused": [result.analyze().status.value for result in refused.results],
            "older": [
                [r["custom_id"], [m["severity"] for m in r["response"].get("messages") or []]]
                for r in older.results
            ],
        }
    )
)
