export { helpDesk, type Ticket } from "./help-desk.js";
