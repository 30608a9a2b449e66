/**
 * Follows the changes of {collection, prefix?, values?} over a WebSocket, over any loss of the
 * network and any restart of the service: each commit once, whole, and in order. It begins behind
 * the position `wanted.since`; without one, or when the history there is lost, with a snapshot.
 * Returns a function that ends it.
 *
 * on.begin()          a snapshot follows: forget what you hold
 * on.documents(list)  a piece of it: [{collection, key, version, value}]
 * on.commit(changes)  [{position, op, collection, key, version, time, value}]; until `live` ends a
 *                     snapshot these are not whole commits, but what happened to its documents
 * on.live(position)   optional; all up to there was handed on, and all behind it will be
 * on.refused(error)   optional; {code, detail}: such a subscription cannot be, and this one is over
 *
 * After `wanted.silence` milliseconds without a word the network is taken for gone.
 */
export function follow(url, { since, silence = 40_000, ...wanted }, on) {
  let position = since; // up to here it has been handed on; undefined: a snapshot is needed
  let socket, timer;
  let pause = 250;

  function connect() {
    const mine = (socket = new WebSocket(url));
    const held = []; // of a commit whose end has not come
    mine.onopen = () => {
      if (!position) on.begin();
      const from = position ? { since: position } : { snapshot: true };
      mine.send(JSON.stringify({ type: "subscribe", id: "a", ...wanted, ...from }));
    };
    mine.onmessage = ({ data }) => mine === socket && take(JSON.parse(data), held);
    mine.onerror = mine.onclose = () => mine === socket && again();
    wait(again, silence);
  }

  function take(frame, held) {
    wait(again, silence); // the service says something at least every 15 s
    if (frame.type === "error") {
      stop();
      on.refused?.(frame);
      return;
    }
    if (frame.type === "documents") on.documents(frame.documents);
    for (const change of frame.changes ?? []) {
      held.push(change);
      if (!change.more || !position) on.commit(held.splice(0));
    }
    if (frame.code === "history_lost") position = undefined;
    if (frame.type === "live" || (position && frame.position)) {
      position = frame.position;
      pause = 250;
      if (frame.type === "live" || frame.type === "subscribed") on.live?.(position);
    }
    if (frame.type === "closed") again();
  }

  function again() {
    disconnect();
    wait(connect, pause * (0.5 + Math.random()));
    pause = Math.min(2 * pause, 10_000);
  }

  function disconnect() {
    const old = socket;
    socket = undefined; // what still comes from the old one is not heard
    old?.close();
  }

  function stop() {
    clearTimeout(timer);
    disconnect();
  }

  function wait(then, milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(then, milliseconds);
  }

  connect();
  return stop;
}
