"""Pages of the portal, one file each: fetch what is visible, bind a form, call a verb, answer."""
