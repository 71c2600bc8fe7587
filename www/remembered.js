// What is worked out of an object once: every press looks through a thousand payments.

/** The same function; an object is looked at anew only where one of the marks is another. What is read anew is another object. */
export function remembered(make) {
  const known = new WeakMap();
  return (of, ...marks) => {
    const last = known.get(of);
    if (last && marks.every((mark, at) => mark === last.marks[at])) return last.made;
    const made = make(of, ...marks);
    known.set(of, { marks, made });
    return made;
  };
}
