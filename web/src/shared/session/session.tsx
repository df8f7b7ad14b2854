import { useQuery, useQueryClient, type Query } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import { answer, api, keepCsrfToken, Refusal, whenSignedOut, type Schemas } from "@/shared/api/client";

import { keepByProvider, providerSignOut } from "./provider";

export type Me = Schemas["MeAnswer"];
type Begun = Schemas["SessionAnswer"];

/** Whether this browser is signed in. ``ended``: it was, and the page waits for its user to sign in again. */
export type SessionState = "asking" | "nobody" | "signed-in" | "ended";

interface Session {
  state: SessionState;
  me: Me | null;
  failure: Refusal | null;
  begin: (begun: Begun, isByProvider?: boolean) => Promise<void>;
  end: () => Promise<void>;
  askAgain: () => void;
}

/** All that was answered to whoever is signed in; who that is stays, since this provider watches it. */
const whatIsTheirs = { predicate: (query: Query) => query.queryKey[0] !== "me" };

const Session = createContext<Session | null>(null);

async function whoAmI(): Promise<Me | null> {
  const session = await answer(api.GET("/api/session"));
  keepCsrfToken(session.csrf_token);
  return session.name === "" ? null : await answer(api.GET("/api/me"));
}

/** Gives everything inside who is signed in. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [hasEnded, setEnded] = useState(false);
  const asked = useQuery({ queryKey: ["me"], queryFn: whoAmI, staleTime: Infinity, retry: false });
  useEffect(() => whenSignedOut(() => setEnded(true)), []);
  const session = useMemo<Session>(() => {
    const me = asked.data ?? null;
    return {
      me,
      failure: asked.error instanceof Refusal ? asked.error : null,
      state: stateOf(asked.isPending, me, hasEnded),
      begin: async (begun, isByProvider = false) => {
        keepCsrfToken(begun.csrf_token);
        keepByProvider(isByProvider);
        const now = await answer(api.GET("/api/me"));
        if (me !== null && now.id !== me.id) queries.removeQueries(whatIsTheirs);
        queries.setQueryData(["me"], now);
        setEnded(false);
        await queries.invalidateQueries(whatIsTheirs);
      },
      end: async () => {
        await api.DELETE("/api/session");
        const elsewhere = await providerSignOut();
        queries.setQueryData(["me"], null);
        queries.removeQueries(whatIsTheirs);
        if (elsewhere) window.location.assign(elsewhere);
      },
      askAgain: () => void asked.refetch(),
    };
  }, [asked, hasEnded, queries]);
  return <Session value={session}>{children}</Session>;
}

function stateOf(isPending: boolean, me: Me | null, hasEnded: boolean): SessionState {
  if (isPending) return "asking";
  if (me === null) return "nobody";
  return hasEnded ? "ended" : "signed-in";
}

/** This browser's session. */
export function useSession(): Session {
  const session = useContext(Session);
  if (session === null) throw new Error("there is no SessionProvider around this component");
  return session;
}

/** Who is signed in, in parts of the console that are shown to nobody else. */
export function useMe(): Me {
  const { me } = useSession();
  if (me === null) throw new Error("nobody is signed in");
  return me;
}
