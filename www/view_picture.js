// What waits until the picture of a press has been seen; part of the view.

/** A page that nobody sees, such as a hidden tab, has no pictures. */
const unseenMs = 200;

/** Runs the work in a task of its own after the next picture, and so much later; hands back what gives it up. */
export function afterPicture(work, laterMs = 0) {
  let timer = setTimeout(() => {
    cancelAnimationFrame(picture);
    work();
  }, unseenMs + laterMs);
  const picture = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(work, laterMs);
  });
  return () => {
    cancelAnimationFrame(picture);
    clearTimeout(timer);
  };
}
