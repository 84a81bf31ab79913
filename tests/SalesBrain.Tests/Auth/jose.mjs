// Signs or verifies one access token with jose, for AccessTokensAndJoseTests. Reads {dev, secret, header, claims | token, issuer, audience, now}
// as JSON on standard input; writes the token, or what jose read, as JSON.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const input = JSON.parse(await text(process.stdin));
// jose lives in dev/node_modules, where an import from this folder would not look.
const jose = await import(pathToFileURL(createRequire(`${input.dev}/package.json`).resolve('jose')));
const secret = Buffer.from(input.secret, 'base64');

const output = input.token
  ? await jose.jwtVerify(input.token, secret, {
      algorithms: ['HS256'],
      typ: 'JWT',
      issuer: input.issuer,
      audience: input.audience,
      currentDate: new Date(input.now),
      requiredClaims: ['sub', 'org', 'role', 'sid', 'iat', 'nbf', 'exp'],
    }).then(({ payload, protectedHeader }) => ({ payload, protectedHeader }))
  : await new jose.SignJWT(input.claims).setProtectedHeader(input.header).sign(secret);
process.stdout.write(JSON.stringify(output));
