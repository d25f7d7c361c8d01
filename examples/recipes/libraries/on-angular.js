import "@angular/compiler"; // in an application the build has done its work
import { HttpClient, provideHttpClient, withFetch, withInterceptors } from "@angular/common/http";
import { provideZonelessChangeDetection } from "@angular/core";
import { createApplication } from "@angular/platform-browser";
import { renewing } from "flask-renewal/angular-http";
import { firstValueFrom } from "rxjs";

/** The application's HttpClient, with these features besides. */
async function ask(session, ...features) {
  const http = provideHttpClient(withInterceptors([renewing(session)]), ...features);
  const { injector } = await createApplication({ providers: [http, provideZonelessChangeDetection()] });
  return (path) => firstValueFrom(injector.get(HttpClient).get(session.baseUrl + path));
}

export const ANGULAR = {
  "Angular, XMLHttpRequest": (session) => ask(session),
  "Angular, fetch": (session) => ask(session, withFetch()),
};
