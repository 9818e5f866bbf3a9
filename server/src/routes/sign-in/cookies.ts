import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SignedIn, SignInPlace } from '../../access/sign-in.ts'
import { SESSION_COOKIE } from '../../plugins/access.ts'

const DEVICE_COOKIE = 'edumon_device'
const DEVICE_DAYS = 400

interface CookieOptions {
  path: string
  httpOnly: true
  sameSite: 'strict'
  secure: boolean
}

/** Cookies that scripts cannot read and other sites cannot have sent. */
export function cookieOptions(is_secure: boolean): CookieOptions {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: is_secure }
}

/** From where a sign-in comes. */
export function placeOf(request: FastifyRequest): SignInPlace {
  return {
    remote_address: request.ip,
    user_agent: request.headers['user-agent'] ?? '',
    device_secret: request.cookies[DEVICE_COOKIE] ?? null,
    request_id: request.id,
  }
}

/** Gives the browser its session, and lets it be known again. The session's cookie ends with the browser. */
export function setSessionCookies(reply: FastifyReply, signedIn: SignedIn, is_secure: boolean): void {
  const options = cookieOptions(is_secure)
  void reply.setCookie(SESSION_COOKIE, signedIn.session_secret, options)
  if (signedIn.device_secret === null) return
  void reply.setCookie(DEVICE_COOKIE, signedIn.device_secret, { ...options, maxAge: DEVICE_DAYS * 86_400 })
}

export function clearSessionCookie(reply: FastifyReply, is_secure: boolean): void {
  void reply.clearCookie(SESSION_COOKIE, cookieOptions(is_secure))
}
