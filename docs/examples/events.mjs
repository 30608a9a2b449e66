/**
 * As follow(), with fetch and server-sent events: lists a collection of the service at `api`, and
 * then hears of its changes. The list may already hold what a change brings: apply a change only if
 * its version is higher than that of the document that you hold.
 */
export function followEvents(api, collection, on) {
  let events;

  async function begin() {
    on.begin();
    try {
      let since; // of the first page: the later ones may hold more
      let after = "";
      do {
        const answer = await fetch(`${api}/v1/kv/${collection}?limit=1000${after}`);
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const page = await answer.json();
        on.documents(page.items);
        since ??= page.position;
        after = page.next && `&after=${encodeURIComponent(page.next)}`;
      } while (after);
      listen(since);
    } catch {
      anew();
    }
  }

  function listen(since) {
    let held = []; // of a commit whose end has not come
    events = new EventSource(`${api}/v1/changes?collection=${collection}&since=${since}`);
    events.onopen = () => (held = []); // the browser has resumed at a commit's end
    events.onmessage = ({ data }) => {
      held.push(JSON.parse(data));
      if (!held.at(-1).more) on.commit(held.splice(0));
    };
    events.addEventListener("closed", anew); // the history behind `since` is lost
    events.onerror = () => events.readyState === EventSource.CLOSED && anew(); // refused
  }

  function anew() {
    events?.close();
    setTimeout(begin, 2000);
  }

  begin();
}
