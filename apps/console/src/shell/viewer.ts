import { createContext, use } from 'react';
import type { ViewerQuery } from '../generated/graphql.js';

type Viewer = ViewerQuery['viewer'];

export const ViewerContext = createContext<Viewer | undefined>(undefined);

/** Who is looking at the page. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error('No viewer: this is shown outside of the shell.');
  return viewer;
}

export function isAdmin({ user }: Viewer): boolean {
  return user.role === 'TENANT_ADMIN' || user.role === 'SUPER_ADMIN';
}
