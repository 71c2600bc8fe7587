// The panel that slides over the page: an app opened by another app, or a page of the portal that is only named here.

export function openSlider(heading) {
  const dialog = document.createElement('dialog');
  dialog.className = 'slider';
  dialog.setAttribute('aria-label', heading);
  const title = document.createElement('h2');
  title.textContent = heading;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Close';
  const bar = document.createElement('div');
  bar.className = 'bar';
  bar.append(title, button);
  const body = document.createElement('div');
  body.className = 'body';
  dialog.append(bar, body);
  document.body.append(dialog);

  let settle;
  const slider = {
    body,
    closed: new Promise((resolve) => { settle = resolve; }),

    // The page is inert while the panel slides away. What `closing` throws leaves it so, as it does in a portal.
    close(closing = () => {}) {
      dialog.inert = true;
      closing();
      dialog.close();
    },
  };
  // The portal's own object points back at itself, which is why it can never travel to the app as text.
  slider.layout = { slider };

  button.addEventListener('click', () => slider.close());
  dialog.addEventListener('close', () => {
    dialog.remove();
    settle();
  });
  dialog.showModal();
  return slider;
}
