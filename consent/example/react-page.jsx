// The React package in a page with two routes. An application would import '@candor/react'.
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { ConsentBanner, TrackingProvider, useConsent } from '../react/dist/index.js';

function Page() {
  const [route, setRoute] = useState('Home');
  const { choice } = useConsent();
  const go = (name) => {
    history.pushState({}, '', `?route=${name}`);
    document.title = name;
    setRoute(name);
  };
  return (
    <main>
      <h1>{route}</h1>
      <p>Your choice: <strong>{choice || 'none yet'}</strong>. After an accept each route is a page view.</p>
      <p>{['Home', 'Products'].map((name) => <button key={name} type="button" onClick={() => go(name)}>{name}</button>)}</p>
    </main>
  );
}

const root = document.getElementById('root');
createRoot(root).render(
  <StrictMode>
    <TrackingProvider url={root.dataset.url} siteId={root.dataset.site}>
      <Page />
      <ConsentBanner />
    </TrackingProvider>
  </StrictMode>,
);
