"""Meta's own Python SDK, unmodified but for its host: posts one purchase. INGEST, TOKEN, DATASET and EVENT_ID come from
the environment; exit 0 only if the SDK reports that the event was received."""

import os
import time

from facebook_business.adobjects.serverside.action_source import ActionSource
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.event_request import EventRequest
from facebook_business.adobjects.serverside.user_data import UserData
from facebook_business.api import FacebookAdsApi, FacebookSession

FacebookSession.GRAPH = os.environ["INGEST"]
FacebookAdsApi.init(access_token=os.environ["TOKEN"], crash_log=False)
purchase = Event(
    event_name="Purchase",
    event_id=os.environ["EVENT_ID"],
    event_time=int(time.time()),
    event_source_url="https://shop.example.com/thanks",
    action_source=ActionSource.WEBSITE,
    user_data=UserData(email="Jane.Doe@example.com", client_user_agent="Mozilla/5.0"),
    custom_data=CustomData(value=59.9, currency="USD"),
)
answer = EventRequest(pixel_id=os.environ["DATASET"], events=[purchase]).execute()
assert answer.events_received == 1, answer
