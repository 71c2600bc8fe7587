// The three servers of docs/hosting/, each with its own file and little around it: free ports, and nothing outside a folder
// of this run.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { adapted, running } from './program.js';

const guide = (name) => fileURLToPath(new URL(`../../docs/hosting/${name}`, import.meta.url));
const read = (name) => readFileSync(guide(name), 'utf8');

// Debian's places.
const NGINX = process.env.NGINX ?? '/usr/sbin/nginx';
const CADDY = process.env.CADDY ?? '/usr/bin/caddy';

// Each takes `page`, the folder that is served, `portal`, the address that may show it, `scratch`, a folder of its own, and
// the files `cert` and `key`; it hands back `address` and `stop`.
export const HOSTS = { nginx, Caddy: caddy, Node: node };

async function nginx({ page, portal, scratch, cert, key }) {
  const { port, stop } = await running((port) => {
    const site = adapted(read('nginx.conf'), [
      ['listen 443 ', `listen 127.0.0.1:${port} `],
      ['/etc/ssl/payments.example.com/fullchain.pem', cert],
      ['/etc/ssl/payments.example.com/privkey.pem', key],
      ['/srv/b24pay/app', page],
      ['https://portal.example.com', portal, 2],
    ]);
    const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${scratch}/${what};`);
    const around = `daemon off; master_process off; pid ${scratch}/pid; error_log stderr; events {}
      http { include /etc/nginx/mime.types; access_log off; ${kept.join(' ')}\n${site}}`;
    const file = join(scratch, 'nginx.conf');
    writeFileSync(file, around);
    return [NGINX, ['-e', 'stderr', '-p', scratch, '-c', file]];
  });
  return { address: `https://127.0.0.1:${port}`, stop };
}

async function caddy({ page, portal, scratch, cert, key }) {
  const { port, stop } = await running((port) => {
    const site = adapted(read('Caddyfile'), [
      ['payments.example.com {', `https://127.0.0.1:${port} {\n\ttls ${cert} ${key}`],
      ['/srv/b24pay/app', page],
      ['https://portal.example.com', portal, 2],
    ]);
    const file = join(scratch, 'Caddyfile');
    writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
    const env = { ...process.env, XDG_CONFIG_HOME: scratch, XDG_DATA_HOME: scratch };
    return [CADDY, ['run', '--config', file, '--adapter', 'caddyfile'], { env }];
  });
  return { address: `https://127.0.0.1:${port}`, stop };
}

async function node({ page, portal }) {
  const { port, stop } = await running((port) => {
    const env = { ...process.env, PAGE: page, PORTAL: portal, PORT: String(port) };
    return [process.execPath, [guide('node.mjs')], { env }];
  });
  return { address: `http://127.0.0.1:${port}`, stop };
}
