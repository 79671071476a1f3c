A2870_asian
f l BC-LT--Town-Ferry     05-09 0466
^BC-LT--Town-Ferry,466<
^Council keeps the night ferry <
^Eds: Adds the mayor.<
^By ADA QUILL=
^Coast News=
	   HARBOUR TOWN (AP) _ The council voted to keep the ferry. 
 
	   ``It was close,'' said Mayor Jo Bell. 
 
	   AP-WF-05-09-19 0915GMT<


