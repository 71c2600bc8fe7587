// Reads the parameters of a query or a form as the portal does: `a[b]=1` is a member of a member, values are text.

export const fromQuery = (query) => {
  const params = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const path = [name.split("[")[0], ...Array.from(name.matchAll(/\[([^\]]*)\]/g), ([, inner]) => inner)];
    const last = path.pop();
    let place = params;
    for (const step of path) {
      if (!Object.hasOwn(place, step)) own(place, step, {});
      place = place[step];
    }
    own(place, last, value);
  }
  return params;
};

// `__proto__` is a name like another.
const own = (place, name, value) =>
  Object.defineProperty(place, name, { value, configurable: true, enumerable: true, writable: true });
