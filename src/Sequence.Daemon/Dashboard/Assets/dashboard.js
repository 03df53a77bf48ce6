'use strict';

// Draws the part of the page that changes anew whenever a forecast is told, and from time to time where something is in progress;
// at most once a second.
(() => {
  const live = document.getElementById('live');
  const status = document.getElementById('status');
  if (!live.dataset.fragment) {
    return;
  }

  const pause = 1000;
  const inProgress = 2000;
  let isDrawing = false;
  let isStale = false;
  let isOld = false;

  const say = (text, isOn) => {
    status.textContent = text;
    status.classList.toggle('on', isOn);
  };

  const sayLive = () => say(live.dataset.events ? 'Live: new forecasts appear by themselves.' : 'Live: the page keeps itself up to date.', true);

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
        if (isOld) {
          isOld = false;
          sayLive();
        }
      } else {
        isOld = true;
        say(answer.status === 401 ? 'Not live; load the page again to sign in.' : 'What is shown is old; the daemon cannot answer at the moment.', false);
      }
    } catch {
      // The daemon is away; what follows says when it is back.
      isOld = true;
      say('Connecting again …', false);
    }

    setTimeout(() => {
      isDrawing = false;
      if (isStale) {
        isStale = false;
        draw();
      }
    }, pause);
  };

  // Nothing tells of progress.
  const every = 1000 * Number(live.dataset.seconds);
  let looked = Date.now();
  setInterval(() => {
    const wait = live.querySelector('progress') ? inProgress : every;
    if (wait && !document.hidden && Date.now() - looked >= wait) {
      looked = Date.now();
      draw();
    }
  }, pause);
  if (!live.dataset.events) {
    if (every) {
      sayLive();
    }

    return;
  }

  const events = new EventSource(live.dataset.events);
  let wasAway = false;
  events.addEventListener('forecast', draw);
  events.addEventListener('open', () => {
    sayLive();
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
