// Opens the app the way a portal does: a hidden form posted into a named frame, or a plain GET for static apps.
// The frame's name is all that the app's script can see of the opening; the fields of the form reach only its server.

export function frameFor(opened) {
  const frame = document.createElement('iframe');
  frame.id = `appframe_${opened.sid}`;
  frame.name = opened.frameName;
  frame.title = 'The app';
  frame.allow = 'geolocation *; microphone *; camera *; autoplay *;';
  return frame;
}

// Call it when the frame is in the document and somebody listens to its messages.
export function load(frame, opened) {
  if (opened.method === 'GET') {
    frame.src = opened.action;
    return;
  }
  const form = document.createElement('form');
  form.method = 'POST';
  form.action = opened.action;
  form.target = opened.frameName;
  form.hidden = true;
  for (const [name, value] of Object.entries(opened.fields)) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
  form.remove();
}
