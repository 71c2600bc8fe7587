// Where the app is in the portal's page, and when it can be used; the same for every engine.

export const FRAME = 'iframe[id^="appframe_"]';

// What is looked for in the app stands in the shadow of its element.
export const IN_APP = 'b24-payments';

// The app shows more than that it is loading.
export const READY = '#payments:not([data-screen="opening"], [data-screen="loading"])';
