/** What reading text by a plan gives instead of a position when the text does not fit the plan. */
export const misfit = -1;
