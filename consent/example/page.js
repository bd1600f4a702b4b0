// Shows what the page has stored and what it has asked of the statistics host.
const { url } = document.querySelector('candor-consent').attributes;
const show = (id, lines) => { document.getElementById(id).textContent = lines.join('\n') || 'nothing'; };

function look() {
  const entries = Object.entries(localStorage).map(([name, value]) => `localStorage ${name}: ${value}`);
  const cookies = document.cookie.split('; ').filter(Boolean).map((cookie) => `cookie ${decodeURIComponent(cookie)}`);
  show('stored', [...entries, ...cookies]);
  show('asked', performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.startsWith(url.value)));
}
setInterval(look, 500);
look();

document.getElementById('event').onclick = () => window._paq.push(['trackEvent', 'Example', 'press']);
document.getElementById('forget').onclick = () => {
  localStorage.clear();
  for (const cookie of document.cookie.split('; ')) document.cookie = `${cookie.split('=')[0]}=;path=/;max-age=0`;
  location.reload();
};
