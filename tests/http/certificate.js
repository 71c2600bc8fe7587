// A certificate that signs itself, for servers of this machine.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

// `name` is written as OpenSSL does: `DNS:localhost`, `IP:127.0.0.1`. Hands back two files.
export function certificateIn(folder, name) {
  const [key, cert] = ['key.pem', 'cert.pem'].map((file) => join(folder, file));
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', `subjectAltName=${name}`, '-keyout', key, '-out', cert,
  ], { stdio: 'ignore' });
  return { key, cert };
}
