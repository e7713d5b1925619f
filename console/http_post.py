"""对外投递: one HTTP POST to another system, and whether it can have arrived."""

from collections.abc import Mapping

import httpx2

from core.errors import HotlineError

SECONDS = 10.0


class NotReached(HotlineError):
    """对方连不上:什么也没有送出, 稍后自动再送。"""


class NoAnswer(HotlineError):
    """已经发出, 对方没有回答:不知是否收到。"""


class HttpPost:
    """Keeps connections open between two deliveries; never follows a redirection elsewhere."""

    def __init__(self) -> None:
        """Connect to nobody yet."""
        self._client = httpx2.AsyncClient(timeout=SECONDS, follow_redirects=False)

    async def send(self, url: str, body: str, headers: Mapping[str, str]) -> int:
        """Give the status of the answer; raises NotReached or NoAnswer."""
        content = body.encode()
        try:
            answer = await self._client.post(
                url, content=content, headers={"Content-Type": "application/json", **headers}
            )
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol) as error:
            raise NotReached(reason=type(error).__name__) from error
        except httpx2.HTTPError as error:
            raise NoAnswer(reason=type(error).__name__) from error
        return answer.status_code

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()
