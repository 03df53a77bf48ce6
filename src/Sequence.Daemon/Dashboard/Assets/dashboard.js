'use strict';

// Draws the part of the page that changes anew whenever a forecast is told, at most once a second.
(() => {
  const live = document.getElementById('live');
  const status = document.getElementById('status');
  if (!live.dataset.events) {
    return;
  }

  const pause = 1000;
  let isDrawing = false;
  let isStale = false;

  const say = (text, isOn) => {
    status.textContent = text;
    status.classList.toggle('on', isOn);
  };

  const draw = async () => {
    if (isDrawing) {
      isStale = true;
      return;
    }

    isDrawing = true;
    try {
      const answer = await fetch(live.dataset.fragment);
      if (answer.ok) {
        live.innerHTML = await answer.text();
        live.dataset.drawn = String(Number(live.dataset.drawn ?? 0) + 1);
      }
    } catch {
      // The daemon is away; the events say when it is back.
    }

    setTimeout(() => {
      isDrawing = false;
      if (isStale) {
        isStale = false;
        draw();
      }
    }, pause);
  };

  const events = new EventSource(live.dataset.events);
  let wasAway = false;
  events.addEventListener('forecast', draw);
  events.addEventListener('open', () => {
    say('Live: new forecasts appear by themselves.', true);
    if (wasAway) {
      wasAway = false;
      draw();
    }
  });
  events.addEventListener('error', () => {
    wasAway = true;
    say(events.readyState === EventSource.CLOSED ? 'Not live; load the page again.' : 'Connecting again …', false);
  });
  addEventListener('pagehide', () => events.close());
})();
