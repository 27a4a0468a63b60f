import { SignJWT } from 'jose';

/** What a host site signs for its logged-in customer. */
export function hostToken(secret: string, externalId: string, expiresInS = 300): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(externalId)
    .setIssuedAt()
    .setExpirationTime(`${expiresInS}s`)
    .sign(new TextEncoder().encode(secret));
}
